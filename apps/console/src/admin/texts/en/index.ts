import { accounts } from './accounts.ts'
import { kit } from './kit.ts'
import { people } from './people.ts'
import { timeline } from './timeline.ts'

export const en = { accounts, kit, people, timeline }
