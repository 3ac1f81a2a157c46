// Mocha finds the simulation by its decorators: importing the class is all there is to do.
import './saga-simulation';
