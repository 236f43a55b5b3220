import { describeUsage } from './describe-usage.ts'

describeUsage([1, 2, 3])
