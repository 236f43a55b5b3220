import { expect, test } from 'vitest'
import { isSmallPicture } from './small-picture.ts'

/** Both as Chromium's canvas writes them: 2 × 3 pixels. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAADCAYAAAC56t6BAAAAF0lEQVR4AWJiYGD4D8QMIAYjjAGiGQAAAAD//7ViX7AAAAAGSURBVAMAF34BB6K85fAAAAAASUVORK5CYII=',
  'base64',
)
const JPEG = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI////////////////////////////////////////////////////2wBDAVVaWnhpeOuCguv/////////////////////////////////////////////////////////////////////////wAARCAADAAIDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFAEBAAAAAAAAAAAAAAAAAAAAAP/EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAMAwEAAhEDEQA/AIgAf//Z',
  'base64',
)

const urlOf = (type: string, file: Buffer) => `data:${type};base64,${file.toString('base64')}`

/** A copy with another number at an offset, and what is cut off at the end. */
function changed(file: Buffer, at: number, value: number, less = 0): Buffer {
  const copy = Buffer.from(file.subarray(0, file.length - less))
  copy.writeUInt16BE(value, at)
  return copy
}

const FRAME = JPEG.indexOf(Buffer.from([0xff, 0xc0]))

test('accepts a PNG and a JPEG', () => {
  expect([isSmallPicture(urlOf('image/png', PNG)), isSmallPicture(urlOf('image/jpeg', JPEG))]).toEqual([true, true])
  expect(isSmallPicture(urlOf('image/png', changed(PNG, 18, 512)))).toBe(true)
})

test.each([
  ['a PNG under the name of a JPEG', urlOf('image/jpeg', PNG)],
  ['a JPEG under the name of a PNG', urlOf('image/png', JPEG)],
  ['an SVG, which can hold scripts', urlOf('image/svg+xml', Buffer.from('<svg onload="alert(1)"/>'))],
  ['an HTML page', urlOf('text/html', Buffer.from('<script>alert(1)</script>'))],
  ['HTML under the name of a PNG', urlOf('image/png', Buffer.from('<script>alert(1)</script>'.repeat(5)))],
  ['a PNG that is too wide', urlOf('image/png', changed(PNG, 18, 513))],
  ['a PNG that claims more than two billion pixels', urlOf('image/png', changed(PNG, 20, 0xff_ff))],
  ['a PNG without width', urlOf('image/png', changed(PNG, 18, 0))],
  ['a PNG that was cut off', urlOf('image/png', changed(PNG, 18, 2, 3))],
  ['a JPEG that is too high', urlOf('image/jpeg', changed(JPEG, FRAME + 5, 513))],
  ['a JPEG that was cut off', urlOf('image/jpeg', changed(JPEG, FRAME + 5, 3, 2))],
  ['a JPEG with a segment of no length', urlOf('image/jpeg', changed(JPEG, 4, 0))],
  ['a JPEG whose segment ends after the file', urlOf('image/jpeg', changed(JPEG, 4, 0xff_00))],
  ['other parameters', urlOf('image/png;charset=x', PNG)],
  ['base64 with something after it', `${urlOf('image/png', PNG)} onerror=x`],
  ['no base64', 'data:image/png,abc'],
  ['nothing', 'data:image/png;base64,'],
  ['a picture that is too large', urlOf('image/png', Buffer.concat([PNG.subarray(0, 57), Buffer.alloc(40_000), PNG]))],
])('refuses %s', (_what, url) => {
  expect(isSmallPicture(url)).toBe(false)
})
