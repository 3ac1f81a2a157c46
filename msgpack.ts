export { msgpack } from './lib/modules/msgpack';
