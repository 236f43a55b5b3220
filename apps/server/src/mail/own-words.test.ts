import { expect, test } from 'vitest'
import { aMailSite } from '../../test/mail-site.ts'
import type { MailContent } from './mail.queues.ts'
import { parseOwnWords } from './own-words.ts'
import { previewMail } from './preview-mail.ts'

type Renewed = Extract<MailContent, { template: 'subscription-renewed' }>['props']

const props: Renewed = {
  ...{ username: 'ada', planName: 'Pro', amountCents: 1_900, priceCents: 1_900, currency: 'usd', isTrial: false },
  ...{ endsAt: null, invoiceUrl: null, periodEnd: '2026-12-26T23:30:00.000Z' },
  billingPeriod: 'monthly',
  interval: { unit: 'month', count: 1 },
}

function textOf(content: MailContent, source: string, timeZone: string | null): string {
  const words = parseOwnWords(content.template, source)
  if ('problems' in words) throw new Error(words.problems.join('\n'))
  return previewMail(content, { ...aMailSite(), ownMails: new Map([[content.template, words]]) }, timeZone).text
}

test.each<[string, Partial<Renewed>, string | null, string]>([
  ['the reader', {}, 'Asia/Tokyo', '27 December 2026 (GMT+9)'],
  ['the provider', { timeZone: 'Africa/Cairo' }, null, '27 December 2026 (Cairo time)'],
  ['the server', {}, null, '26 December 2026 (UTC)'],
])('own words name the same day as ours, in the time zone of %s', (_, more, timeZone, day) => {
  const content: MailContent = { template: 'subscription-renewed', props: { ...props, ...more } }
  const text = textOf(content, '{{ours}}\n\nOn {{periodEnd}} it renews.', timeZone)
  expect(text).toContain(`On ${day} it renews.`)
  expect(text.split(day).length).toBeGreaterThan(2)
})

test.each([
  ['Subject: Hi', /^Subject is not one of subject, title, greeting, action, note$/],
  ['subject: Hi\nsubject: Ho', /^subject is there twice$/],
  ['subject: Hi\nHello Ada', /^an empty line has to come before the first paragraph: Hello Ada$/],
  ['subject: Hi\n\nHello <b class="x">Ada</b>', /^<b class="x"> would be shown as it is: words are plain text/],
  ['Hello \uFFFD', /^it is not UTF-8$/],
  ['\n \n', /^it is empty$/],
])('%j is refused with words', (source, problem) => {
  expect(parseOwnWords('verify-email', source)).toEqual({ problems: [expect.stringMatching(problem)] })
})

test.each(['Warning: open it today.', 'Write to <ada@example.com> if 1 < 2.'])('%j is a paragraph', (source) => {
  expect(parseOwnWords('verify-email', source)).toEqual({ heads: {}, paragraphs: [source] })
})
