import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { WrappedKey } from '../../../src/store/encryption/data-key.ts';
import { type KeyTable, openVault, type Sealed } from '../../../src/store/encryption/vault.ts';

/** A key table in memory that answers later, as a database server does. */
const table = (rows: WrappedKey[]): KeyTable => ({
  byId: async (id) => rows.find((row) => row.id === id),
  newestOf: async (patient) => rows.filter((row) => row.patient === patient).sort((a, b) => b.created - a.created)[0],
  all: async () => rows,
});
const masterKey = randomBytes(32);
const plain = Buffer.from('a patient said something in confidence');

describe('vault', () => {
  test('what was sealed opens at its place, and nowhere else', async () => {
    const vault = await openVault({ masterKey, keys: table([]) });
    const { keyId, sealed } = await vault.seal('p1', 'Patient/p1', plain);
    expect(sealed.includes('confidence')).toBe(false);
    expect(await vault.open(keyId, 'Patient/p1', sealed)).toEqual(plain);
    expect(() => vault.open(keyId, 'Patient/p2', sealed)).toThrow();
  });

  test('a changed or cut blob does not open', async () => {
    const vault = await openVault({ masterKey, keys: table([]) });
    const { keyId, sealed } = await vault.seal(null, 'x', plain);
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => vault.open(keyId, 'x', changed)).toThrow();
    }
    expect(() => vault.open(keyId, 'x', sealed.subarray(0, 20))).toThrow();
  });

  test('a new key travels with every seal until it is told to be stored, and is one per patient', async () => {
    const vault = await openVault({ masterKey, keys: table([]) });
    const seals: Sealed[] = await Promise.all([1, 2, 3].map(() => vault.seal('p1', 'x', plain)));
    expect(new Set(seals.map((s) => s.newKey?.id))).toEqual(new Set([seals[0]?.keyId]));
    vault.stored([seals[0]?.keyId ?? 0]);
    expect((await vault.seal('p1', 'x', plain)).newKey).toBeUndefined();
    expect((await vault.seal('p2', 'x', plain)).keyId).not.toBe(seals[0]?.keyId);
  });

  test('another process opens it from the stored key; of several keys the newest seals', async () => {
    const rows: WrappedKey[] = [];
    let now = 1;
    const first = await openVault({ masterKey, keys: table(rows), now: () => now });
    const second = await openVault({ masterKey, keys: table(rows), now: () => now });
    const a = await first.seal('p1', 'x', plain);
    now = 2;
    const b = await second.seal('p1', 'x', plain);
    for (const { newKey } of [a, b]) if (newKey) rows.push(newKey);
    const third = await openVault({ masterKey, keys: table(rows) });
    expect(await third.open(a.keyId, 'x', a.sealed)).toEqual(plain);
    expect(await third.open(b.keyId, 'x', b.sealed)).toEqual(plain);
    expect((await third.seal('p1', 'x', plain)).keyId).toBe(b.keyId);
    await expect(third.open(12345, 'x', a.sealed)).rejects.toThrow('not stored');
  });

  test('another master key is refused at the start', async () => {
    const rows: WrappedKey[] = [];
    const { newKey } = await (await openVault({ masterKey, keys: table(rows) })).seal(null, 'x', plain);
    if (newKey) rows.push(newKey);
    await expect(openVault({ masterKey: randomBytes(32), keys: table(rows) })).rejects.toThrow('master key');
    await expect(openVault({ masterKey: randomBytes(16), keys: table([]) })).rejects.toThrow('32 bytes');
  });
});
