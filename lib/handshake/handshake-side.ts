/** Who begins: the side that dialled greets first, the side that accepted answers. */
export type HandshakeSide = 'dialler' | 'acceptor';
