import { describe, expect, test } from 'vitest'
import { aMailSite } from '../../test/mail-site.ts'
import { createBrand } from '../platform/brand/brand.ts'
import type { Letter } from './letter.ts'
import { render } from './render.ts'

const site = aMailSite()

const LETTER: Letter = { subject: 'S', greeting: 'G', paragraphs: ['P'] }

/** Renders a letter with this text in every field of the letter and of the site. */
function saying(text: string) {
  const link = { label: text, url: `https://pay.example/${text}` }
  const letter: Letter = {
    ...{ subject: text, title: text, greeting: text, code: text, note: text },
    ...{ paragraphs: [text, text], details: [{ name: text, value: text }] },
  }
  return render(
    { ...letter, action: link, more: link },
    { ...site, webUrl: `https://console.example/${text}`, brand: { ...site.brand, name: text, supportEmail: text } },
  )
}

describe('an HTML email', () => {
  test.each([
    ['<img src=x onerror=alert(1)>', '&lt;img src=x onerror=alert(1)&gt;'],
    ['"><script>alert(1)</script>', '&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;'],
    [`' onmouseover='alert(1)`, '&#39; onmouseover=&#39;alert(1)'],
    ['</title></style><b>', '&lt;/title&gt;&lt;/style&gt;&lt;b&gt;'],
    ['--><![endif]--><b>', '--&gt;&lt;![endif]--&gt;&lt;b&gt;'],
    ['{{~ it.note }}{{= it.note }}', '{{~ it.note }}{{= it.note }}'],
    ['&lt;b&gt; $& $1', '&amp;lt;b&amp;gt; $&amp; $1'],
  ])('shows %s as plain text in every field', (text, escaped) => {
    const { html } = saying('HARMLESS')
    expect(html.split('HARMLESS').length).toBeGreaterThan(15)
    expect(saying(text).html).toBe(html.replaceAll('HARMLESS', () => escaped))
  })

  test('leaves out the button, code, link and small print that its letter lacks', () => {
    const { html } = render({ subject: 'A', greeting: 'B', paragraphs: ['C'] }, site)
    expect([...html.matchAll(/href="([^"]*)"/g)].map(([, url]) => url)).toEqual([site.webUrl])
    expect(html).not.toMatch(/undefined|null|\{\{|\}\}/)
  })
})

test('an email shows the brand: its logo, its colors and where to get help', () => {
  const brand = createBrand({
    name: 'Acme',
    color: '#7a1fa2',
    logoUrl: 'https://acme.example/logo.png?a=1&b=2',
    supportEmail: 'help@acme.example',
  })
  const action = { label: 'Go on', url: 'https://console.example/next' }
  const { html, text } = render({ ...LETTER, action }, { ...site, brand })
  expect(html).toMatch(/<img\s+src="https:\/\/acme\.example\/logo\.png\?a=1&amp;b=2"\s+alt="Acme"/)
  expect(html).toContain('Questions? Write to <a href="mailto:help@acme.example"')
  for (const tone of [brand.tones.light.accent, brand.tones.dark.accent]) expect(html).toContain(tone)
  expect(html).not.toContain('#b0000')
  expect(text).toMatch(/-- \nAcme\nhttps:\/\/console\.example\nQuestions\? Write to help@acme\.example\n$/)
})

test('a link below a button shows a short address and leads to the whole one', () => {
  const token = 'eyJhbGciOiJIUzI1NiJ9'.repeat(20)
  const url = `https://console.example/verify-email?token=${token}`
  const { html, text } = render({ ...LETTER, action: { label: 'Verify', url } }, site)
  expect([...html.matchAll(/href="([^"]*)"[^>]*>([^<]*)</g)].map(([, href, shown]) => [href, shown?.trim()])).toEqual([
    [url, 'Verify'],
    [url, 'https://console.example/verify-email…'],
    [site.webUrl, site.webUrl],
  ])
  expect(html).not.toMatch(/>[^<]*eyJ/)
  expect(text).toContain(`Verify:\n${url}\n`)
})

test('a long path is cut, too', () => {
  const url = `https://invoice.example/${'i'.repeat(80)}`
  const { html } = render({ ...LETTER, action: { label: 'Pay', url } }, site)
  expect(html).toContain(`>${url.slice(0, 59)}…</a`)
})

test('details follow the first paragraph', () => {
  const details = [
    { name: 'Time', value: 'now' },
    { name: 'Device', value: 'Firefox' },
  ]
  const { html, text } = render({ ...LETTER, paragraphs: ['One.', 'Two.'], details }, site)
  expect(text).toContain('One.\n\nTime: now\nDevice: Firefox\n\nTwo.')
  expect(html.replaceAll(/<[^>]*>|\s+/g, ' ')).toMatch(/One\.\s+Time\s+now\s+Device\s+Firefox\s+Two\./)
})

test('a plain text email has the same content as the HTML, in the same order', () => {
  const action = { label: 'Go on', url: 'https://console.example/next?a=1&b=2' }
  const more = { label: 'See the invoice', url: 'https://pay.example/1' }
  const letter = { subject: 'S', greeting: 'Hello a&b,', paragraphs: ['One.', 'Two:'], code: '012345', action, more }
  expect(render({ ...letter, note: 'Small.' }, site).text).toBe(`Hello a&b,

One.

Two:

012345

Go on:
https://console.example/next?a=1&b=2

See the invoice:
https://pay.example/1

Small.

--${' '}
Tollgate
https://console.example
`)
})
