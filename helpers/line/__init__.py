"""The line between the process in which answers run and the one that judges them: only plain data goes over it.

`encode` turns what an answer gave into a message, `decode` turns the message into plain values or refuses it,
`asking` asks an answer, on the other side of the line or in this very process, and `callbacks` are what an answer
may call back. In a student's own notebook both sides are one process, and results take the same way.
"""
