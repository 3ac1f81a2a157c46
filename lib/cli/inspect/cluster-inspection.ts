import { isMoonpoolError } from '../../errors/moonpool-error';
import { reasonOf } from '../../errors/reason-of';
import type { NodeInspection } from '../../modules/node-inspection';
import type { Operator } from '../../services/operator';

/** What came of asking one member of a cluster. */
export interface InspectedMember {
  /** `name#incarnation`. */
  readonly node: string;
  readonly address: string;
  /** What the asked node has of it in its view: active, leaving or dead. */
  readonly status: string;
  /** What it says of itself; undefined when it was not asked, being dead, or did not answer. */
  readonly inspection?: NodeInspection;
  /** How long it took to answer, in milliseconds. */
  readonly answeredInMs?: number;
  /** Why it did not answer. */
  readonly failure?: string;
}

/** A cluster as one of its nodes sees it, and what each member says of itself. */
export interface ClusterInspection {
  readonly namespace: string;
  /** The node that was asked for the others. */
  readonly seenFrom: string;
  /** The version of its view. */
  readonly view: number;
  readonly members: readonly InspectedMember[];
}

/** How a cluster is asked. */
export interface ClusterQuestion {
  readonly namespace: string;
  /** Of the node that is asked for the others. */
  readonly address: string;
  /** How long each process has for its answer. */
  readonly timeoutMs: number;
}

/** What one process said, and how soon. */
interface Answer {
  readonly inspection: NodeInspection;
  readonly answeredInMs: number;
}

/**
 * Asks the node at the address, and then all members that it knows to be alive, side by side. One that does not answer is a part of the picture.
 * @throws MoonpoolError that says why the first one did not answer.
 */
export async function inspectCluster(operator: Operator, question: ClusterQuestion): Promise<ClusterInspection> {
  const { namespace, address, timeoutMs } = question;
  const first = await ask(operator, address, timeoutMs);
  const { name } = first.inspection.node;
  const { version, members } = first.inspection.membership;
  const inspected = await Promise.all(
    members.map(async ({ node, address: at, status }): Promise<InspectedMember> => {
      if (node === name) return { node, address: at, status, ...first };
      if (status === 'dead') return { node, address: at, status };
      try {
        return { node, address: at, status, ...(await ask(operator, at, timeoutMs)) };
      } catch (error) {
        return { node, address: at, status, failure: whyNoAnswer(error) };
      }
    }),
  );
  return { namespace, seenFrom: name, view: version, members: inspected };
}

/** Which request it was that failed is plain to whoever looks at a process; only what was in its way is not. */
export function whyNoAnswer(error: unknown): string {
  return reasonOf(isMoonpoolError(error) ? (error.cause ?? error) : error);
}

async function ask(operator: Operator, address: string, timeoutMs: number): Promise<Answer> {
  const begun = performance.now();
  const inspection = (await operator.inspect(address, timeoutMs)) as NodeInspection;
  return { inspection, answeredInMs: Math.round((performance.now() - begun) * 10) / 10 };
}
