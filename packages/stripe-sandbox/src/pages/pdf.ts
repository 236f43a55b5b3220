/** A line of text on the page. Positions are in points from the left and from the top. */
export interface PdfText {
  x: number
  y: number
  text: string
  size?: number
  bold?: boolean
  /** Whether `x` is where the text ends. */
  alignRight?: boolean
}

const [WIDTH, HEIGHT] = [595, 842] // A4

/**
 * A PDF of one page with nothing but text, in a font that every reader has. A horizontal rule is drawn at each of
 * `rules`.
 *
 * @see https://opensource.adobe.com/dc-acrobat-sdk-docs/pdfstandards/PDF32000_2008.pdf, 7.5 and 9.4
 */
export function writePdf(title: string, texts: readonly PdfText[], rules: readonly number[] = []): Buffer {
  const lines = rules.map((y) => `0.5 w 0.8 G 50 ${HEIGHT - y} m ${WIDTH - 50} ${HEIGHT - y} l S`)
  const content = [...texts.map(showText), ...lines].join('\n')
  return assemble([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${WIDTH} ${HEIGHT}] /Contents 4 0 R /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>`,
    `<< /Length ${Buffer.byteLength(content, 'latin1')} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Courier-Bold /Encoding /WinAnsiEncoding >>',
    `<< /Title ${literal(title)} /Producer (Stripe sandbox) >>`,
  ])
}

/** Each character of this font is as wide as the others, so that text can end at a position. */
const CHARACTER_WIDTH = 0.6

function showText({ x, y, text, size = 10, bold = false, alignRight = false }: PdfText): string {
  const left = alignRight ? x - [...text].length * size * CHARACTER_WIDTH : x
  return `BT /${bold ? 'F2' : 'F1'} ${size} Tf ${left.toFixed(2)} ${HEIGHT - y} Td ${literal(text)} Tj ET`
}

/** A text in WinAnsi. What that can't express becomes a question mark. */
function literal(text: string): string {
  const known = text
    .normalize('NFC')
    .replaceAll('\u20AC', '\u0080')
    .replaceAll('\u2192', '->')
    .replaceAll('\u00D7', 'x')
    .replaceAll(/[^\u0020-\u007E\u0080\u00A1-\u00FF]/gu, (character) => (/\s/u.test(character) ? ' ' : '?'))
  return `(${known.replaceAll(/[\\()]/g, String.raw`\$&`)})`
}

/** Joins the objects, and adds where each begins. The last one describes the document. */
function assemble(objects: readonly string[]): Buffer {
  let text = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const offset = text.length // one byte for each character
    text += `${index + 1} 0 obj\n${object}\nendobj\n`
    return `${String(offset).padStart(10, '0')} 00000 n \n`
  })
  const table = text.length
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R /Info ${objects.length} 0 R >>\nstartxref\n${table}\n%%EOF\n`
  return Buffer.from(text, 'latin1')
}
