import type { IndexValue } from '../../src/search/index-values.ts';
import type { Store } from '../../src/store/store.ts';
import { date, draft, number, put, quantity, reference, text, token, uri } from './contract/made.ts';

const PATIENTS = 10;
export const OBSERVATIONS = 3000;
export const MINUTE = 60_000;
export const LOINC = 'http://loinc.org';

/** Ten Patients with three hundred Observations each, a value of every kind on them, and the audit of their writing. */
export async function fill(store: Store): Promise<void> {
  const people = Array.from({ length: PATIENTS }, (_, n) =>
    put(
      draft('Patient', `p${n}`, {
        values: [text('name', `Name${n}`), uri('link', `http://example.org/${n}/a`), number('age', n)],
        patient: `p${n}`,
      }),
    ),
  );
  const rows = Array.from({ length: OBSERVATIONS }, (_, n) => {
    const patient = `p${n % PATIENTS}`;
    const code = ['8867-4', '9279-1', '2708-6'][Math.floor(n / PATIENTS) % 3] ?? '';
    const values: IndexValue[] = [
      reference('subject', 'Patient', patient),
      reference('patient', 'Patient', patient),
      reference('encounter', 'Encounter', `e${n % 200}`),
      token('code', LOINC, code, { text: `text ${n % 300}` }),
      token('status', 'urn:status', 'final'),
      token('identifier', 'urn:hub', `i${n}`, { ofType: [{ system: 'urn:v2', code: 'MR' }] }),
      quantity('value-quantity', n % 300, '/min'),
      { ...token('code-value$0', LOINC, code), group: 0 },
      { ...quantity('code-value$1', n % 300, '/min'), group: 0 },
      date('date', ((n * 7919) % OBSERVATIONS) * MINUTE),
      ...(n % 2 ? [token('category', 'urn:c', 'vital')] : []),
      { kind: 'fulltext', param: '_text', words: ['heart', 'rate', `w${n % 300}`] },
    ];
    const audit = [{ at: n, text: `record ${n}`, terms: [`patient/${patient}`, `entity/Observation/o${n}`] }];
    return { changes: [put(draft('Observation', `o${n}`, { values, patient }))], audit };
  });
  await store.commit({ changes: people });
  await Promise.all(rows.map((row) => store.commit(row)));
}
