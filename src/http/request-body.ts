import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { Problem } from '../fhir/problem.ts';

/** The client went away before its request was complete: there is nobody to answer. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

const DECODERS: ReadonlyMap<string, (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>> = new Map(
  [
    ['gzip', promisify(gunzip)],
    ['x-gzip', promisify(gunzip)],
    ['deflate', promisify(inflate)],
    ['br', promisify(brotliDecompress)],
  ],
);

/**
 * The whole body, decompressed. Throws Problem `too-large` beyond `limit` bytes (compressed or not),
 * `unsupported-media-type` for an unknown Content-Encoding, and ClientGone where the upload is cut off.
 */
export async function requestBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() || undefined;
  const decode = encoding === undefined || encoding === 'identity' ? undefined : DECODERS.get(encoding);
  if (encoding !== undefined && encoding !== 'identity' && decode === undefined) {
    throw new Problem(
      'unsupported-media-type',
      `Content-Encoding ${encoding} is not supported; gzip, deflate and br are.`,
    );
  }
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  const bytes = await collected(request, limit);
  if (decode === undefined) return bytes;
  try {
    return await decode(bytes, { maxOutputLength: limit });
  } catch (cause) {
    if (typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE')
      throw tooLarge(limit);
    throw new Problem('malformed-body', `The body is not valid ${encoding} data.`, { cause });
  }
}

function collected(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        // What still comes is read and dropped, so that the client can take the answer instead of a reset.
        request.removeAllListeners('data');
        request.resume();
        reject(tooLarge(limit));
      } else chunks.push(chunk);
    });
    request.on('end', () => {
      const [first] = chunks;
      resolve(chunks.length === 1 && first ? first : Buffer.concat(chunks, size));
    });
    request.on('error', (cause) => reject(new ClientGone('The upload was cut off.', { cause })));
    request.on('close', () => {
      // Every request closes; an error with its stack is made only for those that did not end before.
      if (!request.readableEnded) reject(new ClientGone('The upload was cut off.'));
    });
  });
}

const tooLarge = (limit: number): Problem => new Problem('too-large', `The body exceeds the limit of ${limit} bytes.`);
