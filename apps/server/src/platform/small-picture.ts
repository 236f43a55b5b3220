/** Maximum length of the whole `data:` URL, in characters: a picture of about 30 kB. */
export const MAX_PICTURE_URL_LENGTH = 40_000

/** Maximum width and height in pixels. A small file may otherwise claim a size that fills a reader's memory. */
const MAX_SIDE = 512

interface Size {
  width: number
  height: number
}

const SIZE_OF: Record<string, (file: Buffer) => Size | null> = { png: sizeOfPng, jpeg: sizeOfJpeg }

/**
 * Whether a `data:` URL holds a whole PNG or JPEG of at most 512 × 512 pixels. Its content must be what its type says.
 * SVG is refused, because it can hold scripts.
 */
export function isSmallPicture(url: string): boolean {
  if (url.length > MAX_PICTURE_URL_LENGTH) return false
  const [, type = '', base64 = ''] = /^data:image\/(png|jpeg);base64,([A-Za-z0-9+/]+={0,2})$/.exec(url) ?? []
  const file = Buffer.from(base64, 'base64')
  if (file.toString('base64') !== base64) return false
  const size = SIZE_OF[type]?.(file)
  return size != null && [size.width, size.height].every((side) => side >= 1 && side <= MAX_SIDE)
}

const PNG_START = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1')
const PNG_END = Buffer.from('\0\0\0\0IEND\xaeB`\x82', 'latin1')

/** @see https://www.w3.org/TR/png-3/#11IHDR */
function sizeOfPng(file: Buffer): Size | null {
  const isWhole = file.length > 45 && file.subarray(0, 16).equals(PNG_START) && file.subarray(-12).equals(PNG_END)
  return isWhole ? { width: file.readUInt32BE(16), height: file.readUInt32BE(20) } : null
}

/**
 * Goes from segment to segment up to the frame's header.
 *
 * @see https://www.w3.org/Graphics/JPEG/itu-t81.pdf (B.2.2)
 */
function sizeOfJpeg(file: Buffer): Size | null {
  if (file.length < 20 || file.readUInt16BE(0) !== 0xff_d8 || file.readUInt16BE(file.length - 2) !== 0xff_d9)
    return null
  for (let at = 2; at + 9 < file.length; at += 2 + file.readUInt16BE(at + 2)) {
    const [marker = 0, code = 0] = file.subarray(at, at + 2)
    if (marker !== 0xff || code === 0xda) return null
    // SOF0 to SOF15, except the three codes between them that begin something else.
    if (code < 0xc0 || code > 0xcf || [0xc4, 0xc8, 0xcc].includes(code)) continue
    return { height: file.readUInt16BE(at + 5), width: file.readUInt16BE(at + 7) }
  }
  return null
}
