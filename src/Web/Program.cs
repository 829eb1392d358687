namespace Yizhen.Web;

public static class Program
{
    public static int Main() => 0;
}
