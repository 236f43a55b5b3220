import { formatMinute } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailSite } from '../mail-site.ts'
import type { EndpointOff } from '../mail.queues.ts'

export function webhookEndpointOff(props: EndpointOff, { webUrl, texts }: MailSite): Letter {
  const words = texts.webhookEndpointOff
  return {
    subject: words.subject(new URL(props.url).host),
    greeting: texts.greeting(props.username),
    paragraphs: [words[props.reason], words.consequence],
    details: [
      { name: words.url, value: props.url },
      ...(props.reason === 'failing' ? [{ name: words.since, value: formatMinute(texts, props.since) }] : []),
      { name: words.off, value: formatMinute(texts, props.at) },
      { name: words.lastError, value: props.lastError },
    ],
    action: { label: words.action, url: `${webUrl}/admin/webhooks` },
  }
}
