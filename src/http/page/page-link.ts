import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Permit } from '../../access/permit.ts';
import { type ResourceKey, resourceId } from '../../fhir/ids.ts';

/**
 * Links by which a browser, which carries no token, reads one resource as a page: `Type~id~expiry~signature`.
 * Made in development and test only.
 */
export const pageLink = (key: Buffer, { type, id }: ResourceKey, expires: number): string => {
  const claim = `${type}~${id}~${Math.floor(expires / 1000).toString(36)}`;
  return `/page/${claim}~${signature(key, claim).toString('base64url')}`;
};

/** What a link lets read, or undefined where it is forged or over. */
export function openPageLink(key: Buffer, text: string, now: number): ResourceKey | undefined {
  const end = text.lastIndexOf('~');
  const claim = text.slice(0, Math.max(0, end));
  const given = Buffer.from(text.slice(end + 1), 'base64url');
  const right = signature(key, claim);
  if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
  const [type = '', id = '', expires = ''] = claim.split('~');
  return Number.parseInt(expires, 36) * 1000 > now ? { type, id } : undefined;
}

const signature = (key: Buffer, claim: string): Buffer => createHmac('sha256', key).update(claim).digest();

/** Reading one resource and nothing else. */
export const pagePermit = (key: ResourceKey): Permit => ({
  agent: { client: 'page-link', scopes: [] },
  decide: (action, type) =>
    action === 'r' && type === key.type && resourceId(key.id) !== undefined
      ? { allowed: true, where: { kind: 'id', ids: [key.id] } }
      : { allowed: false, reason: 'This link is for one resource only.' },
});
