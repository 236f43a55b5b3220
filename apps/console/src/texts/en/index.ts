import { account } from './account.ts'
import { auth } from './auth.ts'
import { billing } from './billing.ts'
import { members } from './members.ts'
import { pages } from './pages.ts'
import { parts } from './parts.ts'
import { plans } from './plans.ts'
import { shell } from './shell.ts'
import { words } from './words.ts'

export const en = { account, auth, billing, members, pages, parts, plans, shell, words }
