import { expect, test } from '@jest/globals';
import { living, observation } from './living.ts';

test('what a rule adds is committed with what made it fire, or not at all', async () => {
  const it = await living({
    react: (written) =>
      written
        .filter(({ resourceType }) => resourceType === 'Observation')
        .map(({ id, subject }) => ({
          resourceType: 'Communication',
          status: 'completed',
          subject: subject ?? null,
          about: [{ reference: `Observation/${id}` }],
        })),
  });
  try {
    await it.ask('PUT', 'Patient/p', { resourceType: 'Patient', id: 'p' });
    const { body } = await it.ask('POST', 'Observation', observation('p'));
    const made = (await it.ask('GET', 'Communication?subject=Patient/p')).body.entry;
    expect(made).toHaveLength(1);
    expect(made[0].resource.about[0].reference).toBe(`Observation/${body.id}`);
    const [observed] = (await it.world.store.history({ type: 'Observation', count: 1 })).versions;
    const [alerted] = (await it.world.store.history({ type: 'Communication', count: 1 })).versions;
    expect(alerted?.transaction).toBe(observed?.transaction);
    expect((await it.ask('POST', 'Observation', observation('nobody'))).status).toBe(422);
    expect((await it.ask('GET', 'Communication?_summary=count')).body.total).toBe(1);
  } finally {
    await it.stop();
  }
});
