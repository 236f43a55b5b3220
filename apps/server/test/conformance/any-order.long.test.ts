import { describeAnyOrder } from './describe-any-order.ts'

describeAnyOrder(Array.from({ length: 20 }, (_, at) => at + 2))
