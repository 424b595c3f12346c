export { isLoopback } from '../base/loopback';
