import { brotliDecompressSync, gunzipSync } from 'node:zlib';

/** An HTTP answer, taken apart. */
export interface Reply {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  /** As it was before it was compressed for the way. */
  readonly body: Buffer;
  /** True where the server ends the connection after it. */
  readonly closes: boolean;
}

/** The first final answer in the bytes, or undefined where it is not complete; `ended` tells that nothing will follow. */
export function parsedReply(bytes: Buffer, isHead: boolean, ended: boolean): Reply | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [line = '', ...rest] = bytes.toString('latin1', 0, end).split('\r\n');
  const status = Number(line.slice(9, 12));
  // An interim answer (RFC 9110 §15.2) precedes the final one.
  if (status < 200) return parsedReply(bytes.subarray(end + 4), isHead, ended);
  const headers = new Map(
    rest.map((header) => [
      header.slice(0, header.indexOf(':')).toLowerCase(),
      header.slice(header.indexOf(':') + 1).trim(),
    ]),
  );
  const body = bodyOf(bytes.subarray(end + 4), headers, isHead || status === 204 || status === 304, ended);
  return (
    body && {
      status,
      headers,
      body: plain(body, headers.get('content-encoding')),
      closes: headers.get('connection')?.toLowerCase() === 'close',
    }
  );
}

function plain(body: Buffer, coding: string | undefined): Buffer {
  if (body.length === 0) return body;
  return coding === 'br' ? brotliDecompressSync(body) : coding === 'gzip' ? gunzipSync(body) : body;
}

function bodyOf(
  bytes: Buffer,
  headers: ReadonlyMap<string, string>,
  isEmpty: boolean,
  ended: boolean,
): Buffer | undefined {
  if (isEmpty) return Buffer.alloc(0);
  if (headers.get('transfer-encoding')?.toLowerCase() === 'chunked') return unchunked(bytes);
  const stated = headers.get('content-length');
  if (stated === undefined) return ended ? bytes : undefined;
  return bytes.length >= Number(stated) ? bytes.subarray(0, Number(stated)) : undefined;
}

function unchunked(bytes: Buffer): Buffer | undefined {
  const pieces: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = bytes.indexOf('\r\n', at);
    if (end < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, end), 16);
    if (bytes.length < end + 4 + size) return undefined;
    if (size === 0) return Buffer.concat(pieces);
    pieces.push(bytes.subarray(end + 2, end + 2 + size));
    at = end + 4 + size;
  }
}
