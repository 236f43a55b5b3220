import { describeSupport, seedsFrom } from './describe-support.ts'
import { SECOND_SUBSCRIPTIONS } from './stories.ts'

// The long tests run 300 more.
describeSupport(seedsFrom(3_001, 1), SECOND_SUBSCRIPTIONS)
