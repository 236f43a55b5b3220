import { describeSupport, seedsFrom } from './describe-support.ts'
import { SECOND_SUBSCRIPTIONS } from './stories.ts'

describeSupport(seedsFrom(3_001, 12), SECOND_SUBSCRIPTIONS)
