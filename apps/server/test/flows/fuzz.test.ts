import { describeFuzz } from '../fuzz/describe-fuzz.ts'

describeFuzz({ requests: 300, seed: 1 })
