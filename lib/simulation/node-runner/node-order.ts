import { mandatory, text } from '../../options/option-kind';
import { optionTable } from '../../options/option-table';
import type { NodeSetting } from './node-setting';

/** Where the processes find the class of the workload. */
export interface WorkloadSource {
  /** The file that exports it, such as `__filename`. It must do nothing else when it is loaded. */
  readonly module: string;
  /** The name of the export. Default: the name of the class. */
  readonly export?: string;
}

export const WORKLOAD_SOURCE = optionTable<WorkloadSource>({
  module: mandatory(text('the path of the file that exports the workload')),
  export: text('the name of the export'),
});

/** What a node process is given, as JSON, by its only argument. */
export interface NodeOrder {
  readonly name: string;
  readonly listen: string;
  readonly setting: NodeSetting;
  readonly source: Required<WorkloadSource>;
}

/** What it tells the process that started it. */
export interface NodeReady {
  readonly address: string;
}
