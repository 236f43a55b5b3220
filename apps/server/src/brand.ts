import { senderName, withName } from './mail/index.ts'
import { createBrand, DEFAULT_SENDER, type Brand } from './platform/brand/brand.ts'

interface BrandSettings {
  readonly BRAND_NAME?: string | undefined
  readonly BRAND_COLOR: string
  readonly BRAND_LOGO_URL?: string | undefined
  readonly SUPPORT_EMAIL?: string | undefined
  readonly MAIL_FROM: string
  readonly WEB_URL: string
}

/** The brand of these settings. Without a name of its own it has the mail sender's, or else the site's host. */
export function brandOf(config: BrandSettings): Brand {
  return createBrand({
    name: config.BRAND_NAME ?? (senderName(config.MAIL_FROM) || new URL(config.WEB_URL).host),
    color: config.BRAND_COLOR,
    logoUrl: config.BRAND_LOGO_URL ?? null,
    supportEmail: config.SUPPORT_EMAIL ?? null,
  })
}

/** The sender of every mail. If `MAIL_FROM` has no name, or is the default, it gets the brand's name. */
export function senderOf({ BRAND_NAME, MAIL_FROM }: Pick<BrandSettings, 'BRAND_NAME' | 'MAIL_FROM'>): string {
  const hasOwnName = senderName(MAIL_FROM) !== '' && MAIL_FROM !== DEFAULT_SENDER
  return BRAND_NAME === undefined || hasOwnName ? MAIL_FROM : withName(MAIL_FROM, BRAND_NAME)
}
