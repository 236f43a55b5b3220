import { formatDay, plainName } from './format.ts'
import type { Letter } from './letter.ts'
import { MAIL_SAMPLES } from './mail-samples.ts'
import type { MailSite } from './mail-site.ts'
import type { MailContent } from './mail.queues.ts'
import { HEADS, type OwnWords } from './own-mails.ts'
import { inZoneOf } from './templates/write-letter.ts'

/** Stands for our own paragraphs. */
const OURS = '{{ours}}'
const VALUE = /\{\{([^{}]*)\}\}/g
const HEAD = /^([A-Za-z]+):\s*(.*)$/
const TAG = /<\/?[a-z][a-z\d]*(?:\s[^<>]*)?\/?>/i
const LONGEST_SUBJECT = 200

/**
 * Reads the words of one email: lines such as `subject: …`, an empty line, and paragraphs with empty lines between them.
 * Either part may be missing.
 *
 * @returns what is wrong with them, if something is.
 */
export function parseOwnWords(template: string, source: string): OwnWords | { problems: string[] } {
  const samples = Object.values(MAIL_SAMPLES).filter((sample) => sample.template === template)
  if (samples.length === 0) return { problems: [`there is no mail ${template}`] }
  const blocks = source
    .replaceAll('\r\n', '\n')
    .split(/\n\s*\n/)
    .map((block) => block.trim())
    .filter((block) => block !== '')
  const lines = blocks[0]?.split('\n') ?? []
  // A first line such as `Subject: …` begins the heads, even if not all of them are right.
  const isHead = (line: string) => HEADS.some((head) => head === HEAD.exec(line)?.[1]?.toLowerCase())
  const hasHeads = lines.length > 0 && (lines.some(isHead) || lines.every((line) => /^[a-z]+:/.test(line)))
  const heads = (hasHeads ? lines : []).flatMap((line) => {
    const [, name, text = ''] = HEAD.exec(line) ?? []
    return name === undefined ? [] : [[name, text] as const]
  })
  const headNames = heads.map(([name]) => name)
  const paragraphs = (hasHeads ? blocks.slice(1) : blocks).map((block) => block.replaceAll('\n', ' '))
  const given = Object.fromEntries(heads)
  const known = valuesInAll(samples)
  const problems = [
    ...(blocks.length === 0 ? ['it is empty'] : []),
    ...(source.includes('\uFFFD') ? ['it is not UTF-8'] : []),
    ...(hasHeads
      ? lines
          .filter((line) => !HEAD.test(line))
          .map((line) => `an empty line has to come before the first paragraph: ${line}`)
      : []),
    ...headNames.filter((name, at) => headNames.indexOf(name) < at).map((name) => `${name} is there twice`),
    ...[...Object.values(given), ...paragraphs].flatMap((text) => {
      const tag = TAG.exec(text)?.[0]
      return tag === undefined ? [] : [`${tag} would be shown as it is: words are plain text, without HTML`]
    }),
    ...Object.keys(given)
      .filter((name) => !HEADS.some((head) => head === name))
      .map((name) => `${name} is not one of ${HEADS.join(', ')}`),
    ...Object.entries(given).flatMap(([name, text]) => (text === '' ? [`${name} is empty`] : [])),
    ...((given['subject']?.length ?? 0) > LONGEST_SUBJECT ? [`subject is longer than ${LONGEST_SUBJECT}`] : []),
    ...[...Object.values(given), ...paragraphs.filter((text) => text !== OURS)].flatMap((text) =>
      valuesOf(text)
        .filter((name) => !known.includes(name))
        .map((name) => `{{${name}}} is not one of ${known.map((each) => `{{${each}}}`).join(', ')}`),
    ),
    ...[...Object.values(given), ...paragraphs]
      .filter((text) => /\{\{|\}\}/.test(text.replaceAll(VALUE, '')))
      .map((text) => `a {{ or }} stands alone in: ${text}`),
  ]
  if (problems.length > 0) return { problems }
  return { heads: given, ...(paragraphs.length > 0 && { paragraphs }) }
}

/**
 * Puts a product's own words into a letter. If a value is missing in it, the letter stays as it is.
 *
 * @param timeZone the reader's; null if they have none.
 */
export function withOwnWords(
  letter: Letter,
  content: MailContent,
  mailSite: MailSite,
  timeZone: string | null,
): Letter {
  const own = mailSite.ownMails?.get(content.template)
  if (!own) return letter
  const site = inZoneOf(content, mailSite, timeZone)
  const values: Record<string, string> = {
    ...valuesFor(content, site),
    brandName: site.brand.name,
    webUrl: site.webUrl,
  }
  const { heads, paragraphs } = own
  const texts = [...Object.values(heads), ...(paragraphs ?? [])].filter((text) => text !== OURS)
  if (!texts.flatMap(valuesOf).every((name) => Object.hasOwn(values, name))) return letter
  const fill = (text: string) => text.replaceAll(VALUE, (_, name: string) => values[name.trim()] ?? '')
  const filled = Object.fromEntries(Object.entries(heads).map(([name, text]) => [name, fill(text)]))
  const { action: label, ...others } = filled
  return {
    ...letter,
    ...others,
    ...(paragraphs && { paragraphs: paragraphs.flatMap((text) => (text === OURS ? letter.paragraphs : [fill(text)])) }),
    ...(label !== undefined && letter.action && { action: { ...letter.action, label } }),
  }
}

const valuesOf = (text: string): string[] => [...text.matchAll(VALUE)].map(([, name = '']) => name.trim())

const IS_MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:/
/** Ids and addresses are not for readers. */
const HIDDEN = /(?:Id|Url|For|timeZone)$/

/** The texts and days of an email, ready to show. */
function valuesFor({ props }: MailContent, { texts }: Pick<MailSite, 'texts'>): Record<string, string> {
  const shown = Object.entries(props).flatMap(([name, value]): [string, string][] => {
    if (typeof value !== 'string' || HIDDEN.test(name)) return []
    return [[name, IS_MOMENT.test(value) ? formatDay(texts, value) : plainName(value)]]
  })
  return Object.fromEntries(shown)
}

/** The names of the values that every sample has. */
function valuesInAll(samples: readonly MailContent[]): string[] {
  const named = samples.map(({ props }) =>
    Object.entries(props).flatMap(([name, value]) => (typeof value === 'string' && !HIDDEN.test(name) ? [name] : [])),
  )
  const [first = [], ...others] = named
  return [...first.filter((name) => others.every((names) => names.includes(name))), 'brandName', 'webUrl']
}
