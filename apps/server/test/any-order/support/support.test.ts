import { describeSupport, seedsFrom } from './describe-support.ts'

// The long tests run 300 more, and stories that the seeds seldom tell.
describeSupport(seedsFrom(3_001, 1))
