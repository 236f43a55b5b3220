import { expect, test } from 'vitest'
import { writeCsv } from './csv.ts'

test('a CSV has a header and a line for each row, and quotes cells with commas, quotes, or line ends', () => {
  const csv = writeCsv(
    ['name', 'said'],
    [
      ['Ada', 'hello'],
      ['Bob, Jr.', 'a "b"\nc'],
      ['', ' padded'],
    ],
  )
  expect(csv).toBe('name,said\r\nAda,hello\r\n"Bob, Jr.","a ""b""\nc"\r\n," padded"\r\n')
})

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1+1', '=HYPERLINK("https://evil.example","pay")'])(
  '%j becomes text that a spreadsheet does not take for a formula',
  (cell) => {
    const [, line = ''] = writeCsv(['x'], [[cell]]).split('x\r\n')
    expect(line.replace(/^"/, '').startsWith("'")).toBe(true)
  },
)

test.each(["Acme;=cmd|' /C calc'!A0;x", 'a; =1', 'a\t=1', 'a|@SUM(A1)'])(
  '%j has no formula in it for a program that ends cells at another character',
  (cell) => expect(writeCsv(['x'], [[cell]])).not.toMatch(/[;\t|][\s]*[=+\-@]/),
)

test.each(['1-2', 'a=b', '2026-11-23T10:00:00.000Z', '19.00', 'https://pay.example/i/1?a=b'])(
  '%j is written to a CSV as it is',
  (cell) => expect(writeCsv(['x'], [[cell]])).toBe(`x\r\n${cell}\r\n`),
)
