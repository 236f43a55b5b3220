import * as fc from 'fast-check'

const MEGABYTE = 'x'.repeat(1_000_000)

/**
 * Texts that have broken other servers, because they mean something in a database, header, template, path, or
 * comparison.
 */
const ODD_TEXTS = [
  ...['', ' ', '\u0000', 'a\u0000b', '\ud800', '\udfff\ud800', 'a\ufffe', '\ufeff', '\u202etxt.exe', 'İ', 'ﬃ', '👩‍👩‍👧‍👦'],
  ...['e\u0301'.repeat(130), 'x'.repeat(129), 'x'.repeat(5_000), '9'.repeat(400), '\u0000'.repeat(300)],
  ...["' or '1'='1", "'; drop table users; --", '") or 1=1 --', '%', '_%\\', '$1', '?', ':id', '{}', '{1,2}', '[1,2)'],
  ...[`\${7*7}`, '{{7*7}}', '<%= 7*7 %>', '#{7*7}', '%s%n', '`id`', '$(id)', '<script>alert(1)</script>', '=1+1|cmd'],
  ...['a\r\nSet-Cookie: refresh_token=x', '\r\n\r\n<html>', 'x\nBcc: victim@example.com', '\t', '\u2028', '\u0085'],
  ...[
    '../../etc/passwd',
    '..\\..\\x',
    'file:///etc/passwd',
    'javascript:alert(1)',
    '//evil.example',
    'http://[',
    'https://',
  ],
  ...[
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'null',
    'undefined',
    'NaN',
    'true',
    '0',
    '-1',
    '1e400',
    '0x1F',
  ],
  ...[
    'a@b',
    '@',
    'a@@b.example',
    '"a b"@example.com',
    'a@xn--',
    'a@[127.0.0.1]',
    `${'a'.repeat(64)}@example.com`,
    'a@b.c\n',
  ],
  ...['2026-13-45T99:99:99Z', '275761-01-01T00:00:00.000Z', '0000-00-00', '00000000-0000-0000-0000-000000000000'],
] as const

export const oddText: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: fc.constantFrom(...ODD_TEXTS), weight: 10 },
  { arbitrary: fc.string({ unit: 'binary', maxLength: 60 }), weight: 3 },
  { arbitrary: fc.constant(MEGABYTE), weight: 1 },
)

const oddNumber = fc.constantFrom(
  ...[0, -0, -1, 1.5, 1e-7, 1e21, 1e308, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, 2 ** 63, 99_999_999, 100_000_000],
  ...[Number.NaN, Number.POSITIVE_INFINITY],
)
const oddDate = fc.constantFrom(
  ...[
    new Date(0),
    new Date(Number.NaN),
    new Date(8.64e15),
    new Date(-8.64e15),
    new Date('9999-12-31'),
    new Date('0001-01-01'),
  ],
)
const oddScalar: fc.Arbitrary<unknown> = fc.oneof(
  { arbitrary: oddText, weight: 6 },
  { arbitrary: oddNumber, weight: 3 },
  { arbitrary: fc.constantFrom(null, undefined, true, false), weight: 3 },
  { arbitrary: oddDate, weight: 1 },
  { arbitrary: fc.constantFrom(0n, 2n ** 64n), weight: 1 },
)

/** Names that have a meaning in JavaScript. `JSON.parse` makes fields of them, unlike an object literal. */
const LOADED: readonly unknown[] = [
  '{"__proto__":{"isAdmin":true,"polluted":1}}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  '{"toString":1,"valueOf":1,"toJSON":1,"then":1,"length":-1}',
  '{"$ne":null,"$gt":"","$contains":"x","$raw":"1=1","or":[{}]}',
  '[[],{},[null]]',
  '{"0":"a","1":"b"}',
].map((text) => JSON.parse(text) as unknown)

/** Any value of the wrong kind. */
export const oddValue: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    { arbitrary: oddScalar, weight: 6 },
    { arbitrary: fc.constantFrom(...LOADED), weight: 2 },
    { arbitrary: fc.array(tie('value'), { maxLength: 3 }), weight: 1 },
    { arbitrary: fc.dictionary(fc.constantFrom('a', 'id', '', '0', 'email'), tie('value'), { maxKeys: 3 }), weight: 1 },
  ),
})).value

/** Bytes that no program writes: almost JSON, or far too much of it. */
export const RAW_JSON: readonly string[] = [
  ...['{', '{"a":', '[1,]', "{'a':1}", 'NaN', '-', '01', '1e999', '-1e999', '9'.repeat(1_000), '"\\ud8"', '"\\x41"'],
  ...[
    '"\\ud800"',
    '"\\u0000"',
    '"\xff\xfe"',
    '"\xc0\x80"',
    '\xef\xbb\xbf{}',
    '\x00',
    '"\x00"',
    '{}{}',
    '{} // comment',
    '\x1f\x8b\x08',
  ],
  ...['{"a":1,"a":2}', '{"__proto__":null}', '{"__proto__":{"polluted":1}}', `"${'\\u0041'.repeat(2_000)}"`],
  ...[
    `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
    `${'{"a":'.repeat(8_000)}1${'}'.repeat(8_000)}`,
    '['.repeat(90_000),
  ],
  ...[`"${MEGABYTE}"`, `[${'0,'.repeat(40_000)}0]`],
]
