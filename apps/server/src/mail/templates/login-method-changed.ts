import { formatMinute } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'

export interface LoginMethodChange {
  username: string
  provider: 'google' | 'github'
  /** Whether the provider's account can log in from now on, or no more. */
  linked: boolean
  at: string
}

const NAMES = { google: 'Google', github: 'GitHub' }

export function loginMethodChanged({ username, provider, linked, at }: LoginMethodChange, pages: MailPages): Letter {
  const name = NAMES[provider]
  return {
    subject: linked ? `You can log in with ${name} now` : `You can no longer log in with ${name}`,
    greeting: `Hello ${username},`,
    paragraphs: [
      linked
        ? `On ${formatMinute(at)} a ${name} account was linked to your account. Whoever can log in there can log in here.`
        : `On ${formatMinute(at)} your ${name} account was unlinked from your account. It does not log you in any more.`,
      linked
        ? 'If that was you, there is nothing to do. If it was not, unlink it on your profile page and set a new password.'
        : 'If that was you, there is nothing to do. If it was not, set a new password at once; that ends every session.',
    ],
    action: linked
      ? { label: 'My profile', url: `${pages.webUrl}/profile` }
      : { label: 'Set a new password', url: `${pages.webUrl}/forgot-password` },
  }
}
