import type { Hello } from '../handshake/hello';

/** What a cluster knows of those that greet. */
export interface GreetingJudge {
  /** Why whoever greets so is not to be talked to; undefined when it is welcome. */
  refuses(hello: Hello): string | undefined;
  /**
   * Whether it is known from elsewhere that who greets listens at the address that it claims: only then is its connection
   * used for the way back, for a greeting can claim anything.
   */
  vouchesFor(hello: Hello): boolean;
}

/**
 * The place at which a transport finds who judges greetings; it cuts the circle of transport and membership, of which the second
 * joins with the address that the first listens on. Until somebody judges, everybody is welcome and nobody is vouched for.
 */
export class GreetingPolicy implements GreetingJudge {
  private judge: GreetingJudge | undefined;

  connect(judge: GreetingJudge): void {
    this.judge = judge;
  }

  refuses(hello: Hello): string | undefined {
    return this.judge?.refuses(hello);
  }

  vouchesFor(hello: Hello): boolean {
    return this.judge?.vouchesFor(hello) ?? false;
  }
}
