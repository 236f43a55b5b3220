import { settings } from '../settings.ts'
import { t } from '../texts/catalogue.ts'

/** Where to write to when nothing on the page helps. Renders nothing if the operator has set no address. */
export function Support({ text = t.parts.contact }: { text?: string }) {
  const { supportEmail } = settings.brand
  if (!supportEmail) return null
  return (
    <p className="quiet support">
      {text} <a href={`mailto:${supportEmail}`}>{supportEmail}</a>
    </p>
  )
}
