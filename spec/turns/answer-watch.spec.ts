import { expect } from 'chai';
import { Actor, Handler } from 'moonpool';
import { ClusterFixture } from '../activation/cluster-fixture';

class Spot {
  constructor(
    readonly level = 1,
    readonly place = 'a',
  ) {}
  get label(): string {
    return `${this.level}/${this.place}`;
  }
}
class Fields {
  level = 1;
}

@Actor({ name: 'Garage' })
class Garage {
  @Handler() async spot(): Promise<Spot> {
    return new Spot();
  }
  @Handler() async spots(): Promise<Spot[]> {
    return [new Spot(), new Spot()];
  }
  @Handler({ returns: Spot }) async wholeSpot(): Promise<Spot> {
    return new Spot();
  }
  @Handler() async others(which: number): Promise<unknown> {
    const gone = Proxy.revocable({}, {});
    gone.revoke();
    return [5, new Fields(), { ...new Spot() }, [], new Map([['a', 1]]), new Date(), Object.create(null), gone.proxy][
      which
    ];
  }
}

describe('An answer that is an object with methods or getters', () => {
  it('is told to the log once for each handler, where nothing says that its callers get such an object', async () => {
    const fixture = new ClusterFixture([Garage]);
    try {
      const garage = (await fixture.node()).actor(Garage, 'g');
      for (let times = 0; times < 3; times++) {
        expect((await garage.spot()).label).to.equal(undefined);
        expect(await garage.spots()).to.have.length(2);
        expect((await garage.wholeSpot()).label).to.equal('1/a');
      }
      for (let which = 0; which < 8; which++) await garage.others(which).catch(() => undefined);
      const told = fixture.said('the answers of a handler are objects of Spot');
      expect(told.map(({ level, fields }) => [level, fields['method']])).to.deep.equal([
        ['warn', 'spot'],
        ['warn', 'spots'],
      ]);
      expect(told[0]?.message).to.contain('without label').and.to.contain('@Handler({ returns: Spot })');
      expect(fixture.said('the answers of')).to.have.length(2);
    } finally {
      await fixture.shutdown();
    }
  });
});
