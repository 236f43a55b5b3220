import { MAIL_SAMPLES, previewMail, type MailDeps } from '../../mail/index.ts'
import { InvalidInput } from '../../platform/errors/errors.ts'

/** Lists every template with the names of its samples. A template's first sample is the typical one. */
export function listTemplates(): { template: string; samples: string[] }[] {
  const byTemplate = Map.groupBy(Object.entries(MAIL_SAMPLES), ([, { template }]) => template)
  return [...byTemplate].map(([template, samples]) => ({ template, samples: samples.map(([name]) => name) }))
}

/** @throws {InvalidInput} if there is no such sample. */
export function previewSample(
  { mail }: { mail: MailDeps },
  { sample }: { sample: string },
): { sample: string; template: string; subject: string; html: string; text: string } {
  const content = Object.hasOwn(MAIL_SAMPLES, sample) ? MAIL_SAMPLES[sample] : undefined
  if (!content) throw new InvalidInput({ sample: 'is not the name of a sample' })
  return { sample, template: content.template, ...previewMail(content, mail.site, null) }
}
