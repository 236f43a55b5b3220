import { accounts } from './accounts.ts'
import { audit } from './audit.ts'
import { discounts } from './discounts.ts'
import { explain } from './explain.ts'
import { kit } from './kit.ts'
import { money } from './money.ts'
import { overrides } from './overrides.ts'
import { overview } from './overview.ts'
import { ownData } from './own-data.ts'
import { people } from './people.ts'
import { programs } from './programs.ts'
import { recoveries } from './recoveries.ts'
import { system } from './system.ts'
import { timeline } from './timeline.ts'
import { usage } from './usage.ts'

export const en = {
  accounts,
  audit,
  discounts,
  explain,
  kit,
  money,
  overrides,
  overview,
  ownData,
  people,
  programs,
  recoveries,
  system,
  timeline,
  usage,
}
