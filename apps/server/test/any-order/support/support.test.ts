import { describeSupport, seedsFrom } from './describe-support.ts'

describeSupport(seedsFrom(3_001, 12))
