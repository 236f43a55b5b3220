/** Sharp on a phone's screen at the size of {@link Avatar}, in pixels. */
const SIDE = 256
/** What the backend accepts. @see docs/contract/auth.md */
const MAX_URL_LENGTH = 40_000
const QUALITIES = [0.85, 0.7, 0.5, 0.3]

/**
 * Makes a small square JPEG of a picture's middle, as a `data:` URL. What the file says besides, such as where a photo
 * was taken, is left out.
 *
 * @returns null if the browser can't read the file as a picture.
 */
export async function shrinkPicture(file: Blob): Promise<string | null> {
  const picture = await createImageBitmap(file).catch(() => null)
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d')
  if (!picture || !context) return null
  canvas.width = SIDE
  canvas.height = SIDE
  const side = Math.min(picture.width, picture.height)
  context.fillStyle = '#fff' // a JPEG has no transparency
  context.fillRect(0, 0, SIDE, SIDE)
  context.drawImage(picture, (picture.width - side) / 2, (picture.height - side) / 2, side, side, 0, 0, SIDE, SIDE)
  picture.close()
  const urls = QUALITIES.map((quality) => canvas.toDataURL('image/jpeg', quality))
  return urls.find(({ length }) => length <= MAX_URL_LENGTH) ?? null
}
