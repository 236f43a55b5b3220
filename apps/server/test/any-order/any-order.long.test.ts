import { describeAnyOrder } from './describe-any-order.ts'

describeAnyOrder(Array.from({ length: 500 }, (_, at) => at + 1_001))
