import { requestDetails } from '../format.ts'
import type { Letter } from '../letter.ts'
import type { MailPages } from '../mail-pages.ts'
import type { LoginMethodChange } from '../mail.queues.ts'

const NAMES = { google: 'Google', github: 'GitHub' }

export function loginMethodChanged(change: LoginMethodChange, pages: MailPages): Letter {
  const { username, provider, linked, at, by } = change
  const name = NAMES[provider]
  return {
    subject: linked ? `You can now log in with ${name}` : `You can no longer log in with ${name}`,
    greeting: `Hello ${username},`,
    paragraphs: [
      linked
        ? `A ${name} account was linked to your account. Anyone who can log in to that ${name} account can now log in here.`
        : `Your ${name} account was unlinked from your account. You can't log in with it anymore.`,
      linked
        ? "If that was you, you don't need to do anything. If not, unlink it on your profile page and set a new password."
        : "If that was you, you don't need to do anything. If not, set a new password right away. This also ends every session.",
    ],
    details: requestDetails(at, by),
    action: linked
      ? { label: 'View my profile', url: `${pages.webUrl}/profile` }
      : { label: 'Set a new password', url: `${pages.webUrl}/forgot-password` },
  }
}
