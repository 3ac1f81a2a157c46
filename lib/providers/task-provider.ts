import { token } from '../injection/token';

/** Work of one node that nobody awaits, and its place among the turns of the event loop. */
export interface TaskProvider {
  /** Starts work that nobody awaits; when it fails, the node's logger is notified, with the task's name. */
  spawn(name: string, work: () => Promise<void>): void;
  /**
   * Runs the callback after the present turn of the event loop: after all promise jobs, and after the input that has
   * already arrived. This is the moment to write what a turn has gathered.
   */
  defer(callback: () => void): void;
  /** Resolves when timers and input had their chance. */
  yield(): Promise<void>;
}
export const TaskProvider = token<TaskProvider>('TaskProvider');
