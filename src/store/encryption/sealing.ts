import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { takeRandom } from '../../fhir/random.ts';

const VERSION = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Bytes that sealing adds to the plain text. */
const SEAL_OVERHEAD = 1 + IV_BYTES + TAG_BYTES;

/**
 * AES-256-GCM. Layout: version byte, 12-byte random IV, cipher text, 16-byte tag. `aad` names the place where the
 * bytes belong (`Patient/1`), so that a blob moved to another row does not open. One key: at most 2^32 seals.
 */
export function seal(key: KeyObject, aad: string, plain: Buffer): Buffer {
  const sealed = Buffer.allocUnsafe(plain.length + SEAL_OVERHEAD);
  sealed[0] = VERSION;
  takeRandom(sealed, 1, IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + IV_BYTES));
  cipher.setAAD(Buffer.from(aad));
  cipher.update(plain).copy(sealed, 1 + IV_BYTES);
  cipher.final();
  cipher.getAuthTag().copy(sealed, sealed.length - TAG_BYTES);
  return sealed;
}

/** The plain bytes; throws where key, place or bytes are not those of the sealing. */
export function unseal(key: KeyObject, aad: string, sealed: Buffer): Buffer {
  if (sealed.length < SEAL_OVERHEAD || sealed[0] !== VERSION)
    throw new Error(`sealed bytes of ${aad} have no known layout`);
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(aad));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const plain = decipher.update(sealed.subarray(1 + IV_BYTES, sealed.length - TAG_BYTES));
  decipher.final();
  return plain;
}
