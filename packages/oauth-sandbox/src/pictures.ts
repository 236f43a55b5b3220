import { createHash } from 'node:crypto'
import { crc32, deflateSync } from 'node:zlib'
import type { Account } from './accounts.ts'
import { html, type Html } from './html.ts'

/** In blocks. */
const PATTERN = 5
/** In pixels. */
const BLOCK = 16
const SIDE = PATTERN * BLOCK

/**
 * The picture of an account, as a `data:` URL: it needs no network. The same account always has the same pattern, which
 * is mirrored, so that it looks like something.
 */
export function pictureOf({ provider, id }: Pick<Account, 'provider' | 'id'>): string {
  const hash = createHash('sha256').update(`${provider} ${id}`).digest()
  const isFilled = (x: number, y: number) => {
    const column = Math.min(x, PATTERN - 1 - x)
    return (hash[y * PATTERN + column] ?? 0) % 2 === 1
  }
  const rows = Array.from({ length: SIDE }, (_, y) => [
    0, // the row is not filtered
    ...Array.from({ length: SIDE }, (_none, x) => Number(isFilled(Math.floor(x / BLOCK), Math.floor(y / BLOCK)))),
  ])
  const [red = 0, green = 0, blue = 0] = hash.subarray(-3).map((byte) => 40 + byte * 0.45)
  const png = Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', Buffer.from([0, 0, 0, SIDE, 0, 0, 0, SIDE, 8, 3, 0, 0, 0])),
    chunk('PLTE', Buffer.from([0xf0, 0xf1, 0xee, red, green, blue])),
    chunk('IDAT', deflateSync(Buffer.from(rows.flat()))),
    chunk('IEND', Buffer.alloc(0)),
  ])
  return `data:image/png;base64,${png.toString('base64')}`
}

/** @see https://www.w3.org/TR/png-3/#5Chunk-layout */
function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

/** The sign of a provider: the colors and shapes of the sandbox's own drawing. */
export const SIGNS: Readonly<Record<'google' | 'github', Html>> = {
  google: html`<svg viewBox="0 0 24 24" aria-hidden="true">
    <g fill="none" stroke-width="4">
      <path stroke="#ea4335" d="M5.2 8.5A8 8 0 0 1 17.7 6.3" />
      <path stroke="#fbbc04" d="M5.2 15.5A8 8 0 0 1 5.2 8.5" />
      <path stroke="#34a853" d="M17 18.2A8 8 0 0 1 5.2 15.5" />
      <path stroke="#4285f4" d="M12 12h8a8 8 0 0 1-3 6.2" />
    </g>
  </svg>`,
  github: html`<svg viewBox="0 0 24 24" aria-hidden="true">
    <g fill="none" stroke="currentColor" stroke-width="2.2">
      <circle cx="6" cy="5" r="2.6" />
      <circle cx="6" cy="19" r="2.6" />
      <circle cx="18" cy="8" r="2.6" />
      <path d="M6 7.6v8.8M18 10.6c0 4-6 3.4-10.4 6.2" />
    </g>
  </svg>`,
}
