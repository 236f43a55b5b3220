import { accounts } from './accounts.ts'
import { kit } from './kit.ts'
import { money } from './money.ts'
import { overview } from './overview.ts'
import { people } from './people.ts'
import { system } from './system.ts'
import { timeline } from './timeline.ts'

export const en = { accounts, kit, money, overview, people, system, timeline }
