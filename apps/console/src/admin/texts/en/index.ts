import { accounts } from './accounts.ts'
import { audit } from './audit.ts'
import { kit } from './kit.ts'
import { money } from './money.ts'
import { overview } from './overview.ts'
import { people } from './people.ts'
import { system } from './system.ts'
import { timeline } from './timeline.ts'

export const en = { accounts, audit, kit, money, overview, people, system, timeline }
