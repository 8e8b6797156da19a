# What the guest kernel needs beyond `tinyconfig`: programs, the host's files, a network of its own, and the GPIO simulator.
CONFIG_64BIT=y
CONFIG_BINFMT_ELF=y
CONFIG_BINFMT_SCRIPT=y
CONFIG_MULTIUSER=y
CONFIG_PRINTK=y
CONFIG_TTY=y
CONFIG_UNIX98_PTYS=y
CONFIG_STDERR_CONSOLE=y
CONFIG_SSL=y
CONFIG_NULL_CHAN=y
CONFIG_PORT_CHAN=y
# files: the host's over hostfs, and what programs look into
CONFIG_HOSTFS=y
CONFIG_PROC_FS=y
CONFIG_SYSFS=y
CONFIG_TMPFS=y
CONFIG_DEVTMPFS=y
CONFIG_CONFIGFS_FS=y
CONFIG_FILE_LOCKING=y
CONFIG_ADVISE_SYSCALLS=y
CONFIG_AIO=y
CONFIG_SHMEM=y
# what tokio and the standard library ask for
CONFIG_FUTEX=y
CONFIG_EPOLL=y
CONFIG_EVENTFD=y
CONFIG_SIGNALFD=y
CONFIG_TIMERFD=y
CONFIG_MEMBARRIER=y
CONFIG_RSEQ=y
CONFIG_POSIX_TIMERS=y
CONFIG_HIGH_RES_TIMERS=y
CONFIG_NO_HZ_IDLE=y
CONFIG_NET=y
CONFIG_UNIX=y
CONFIG_INET=y
# the lines, and who else may hold one
CONFIG_GPIOLIB=y
CONFIG_GPIO_CDEV=y
CONFIG_GPIO_SYSFS=y
CONFIG_GPIO_SIM=y
CONFIG_DEBUG_FS=y
# the guest switches itself off, and skips the time in which nothing happens
CONFIG_MAGIC_SYSRQ=y
CONFIG_UML_TIME_TRAVEL_SUPPORT=y
# left out, for they take half of the time to build
# CONFIG_IPV6 is not set
# CONFIG_NETDEVICES is not set
# CONFIG_WIRELESS is not set
# CONFIG_ETHTOOL_NETLINK is not set
# CONFIG_INET_DIAG is not set
# CONFIG_NETWORK_FILESYSTEMS is not set
# CONFIG_DEBUG_KERNEL is not set
