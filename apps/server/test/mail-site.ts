import type { MailSite } from '../src/mail/mail-site.ts'
import { en } from '../src/mail/texts/en.ts'
import { createBrand } from '../src/platform/brand/brand.ts'

/** A site with the default brand. */
export function aMailSite(): MailSite {
  const brand = createBrand({ name: 'Tollgate', color: '#0b6b57', logoUrl: null, supportEmail: null })
  return { webUrl: 'https://console.example', brand, texts: en }
}
