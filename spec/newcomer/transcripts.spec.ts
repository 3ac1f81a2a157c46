import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { TUTORIAL, transcribe, transcriptsOf, withoutMachine } from './transcripts';

describe('The transcripts of the simulation tutorial', () => {
  const transcripts = transcriptsOf(readFileSync(TUTORIAL, 'utf8'));

  it('are three: a failure, its replay, and the repair', () => {
    expect(transcripts.map(({ command }) => command.split(' ')[2])).to.deep.equal(['simulate', 'replay', 'simulate']);
  });

  for (const { command, text } of transcripts) {
    it(`are what their commands print today (if not: npm run docs:transcripts): ${command}`, async () => {
      expect(withoutMachine((await transcribe(command)).text)).to.equal(withoutMachine(text));
    });
  }

  it('differ by nothing that depends on the machine', () => {
    const line =
      'x: 200 seeds\n  58596 events, 92 a second; 70 s of virtual time in 0.3 s\n  passed on 2 threads in 2.2 s: 92 seeds and 58596 events a second';
    expect(withoutMachine(line)).to.equal(
      withoutMachine(
        line
          .replace('92 a', '1 a')
          .replace('0.3', '9.9')
          .replace('on 2 threads in 2.2 s: 92 seeds and 58596', 'on 8 threads in 1.0 s: 7 seeds and 3'),
      ),
    );
  });
});
