/** Whether faults may strike at present: not before a cluster stands, and not after it was brought to rest. */
export class FaultSwitch {
  areOn = false;
}
