/** A payload class that a spec imports as a type alone. */
export class TypeOnlyPayload {
  amount = 1;
}
