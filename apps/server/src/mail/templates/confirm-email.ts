import type { Letter } from '../render.ts'

export function confirmEmail({ username }: { username: string }, link: string): Letter {
  return {
    subject: 'Please confirm your new e-mail address',
    greeting: `Hello ${username},`,
    paragraphs: ['You asked to use this address for your account from now on. Log in and confirm it here:'],
    action: { label: 'Confirm my new address', url: link },
    note: 'The link works once, for 24 hours. If you did not ask for this, do not click: nothing will happen.',
  }
}
