// A test waits about a third of its time, for a flush, a page or a clock: one more at once than this machine has cores. Every run stays under twenty-five minutes with it.
[assembly: Xunit.CollectionBehavior(MaxParallelThreads = 3)]
