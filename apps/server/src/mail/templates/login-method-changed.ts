import { formatMinute } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'

export interface LoginMethodChange {
  username: string
  provider: 'google' | 'github'
  /** True if the provider's account was linked, false if it was unlinked. */
  linked: boolean
  at: string
}

const NAMES = { google: 'Google', github: 'GitHub' }

export function loginMethodChanged({ username, provider, linked, at }: LoginMethodChange, pages: MailPages): Letter {
  const name = NAMES[provider]
  return {
    subject: linked ? `You can now log in with ${name}` : `You can no longer log in with ${name}`,
    greeting: `Hello ${username},`,
    paragraphs: [
      linked
        ? `On ${formatMinute(at)}, a ${name} account was linked to your account. Anyone who can log in to that ${name} account can now log in here.`
        : `On ${formatMinute(at)}, your ${name} account was unlinked from your account. You can't log in with it anymore.`,
      linked
        ? "If that was you, you don't need to do anything. If not, unlink it on your profile page and set a new password."
        : "If that was you, you don't need to do anything. If not, set a new password right away. This also ends every session.",
    ],
    action: linked
      ? { label: 'View my profile', url: `${pages.webUrl}/profile` }
      : { label: 'Set a new password', url: `${pages.webUrl}/forgot-password` },
  }
}
