import { kit } from './kit.ts'
import { people } from './people.ts'

export const en = { kit, people }
