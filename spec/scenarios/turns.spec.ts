import './turns-simulation';
