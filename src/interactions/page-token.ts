import { createHmac, timingSafeEqual } from 'node:crypto';
import { Problem } from '../fhir/problem.ts';
import type { World } from './context.ts';

const MAC = 16;

/** A position as an opaque, signed `_page`: clients can follow it, not make it. */
export function sealPage(world: Pick<World, 'pageKey'>, position: string): string {
  const bytes = Buffer.from(position);
  return Buffer.concat([mac(world, bytes), bytes]).toString('base64url');
}

/** The position of a `_page`. Throws Problem `invalid` where it was not made here. */
export function openPage(world: Pick<World, 'pageKey'>, page: string): string {
  const bytes = Buffer.from(page, 'base64url');
  const position = bytes.subarray(MAC);
  if (bytes.length <= MAC || !timingSafeEqual(bytes.subarray(0, MAC), mac(world, position))) {
    throw new Problem('invalid', '_page is not one of this server’s page links', { expression: ['_page'] });
  }
  return position.toString();
}

const mac = (world: Pick<World, 'pageKey'>, bytes: Buffer): Buffer =>
  createHmac('sha256', world.pageKey).update(bytes).digest().subarray(0, MAC);
